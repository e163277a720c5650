"""Which painter lays out which chart."""

from gui.charts import progress, ranking
from gui.charts.drawing import Drawing
from gui.charts.faces import Face
from gui.charts.values import Chart, Ranking


def drawing(chart: Chart, face: Face, width: float, height: float | None = None) -> Drawing:
    """Lay a chart out; with ``height`` small multiples take the room there is, as far as they stay readable."""
    if isinstance(chart, Ranking):
        return ranking.lay(chart, face, width)
    return progress.lay(chart, face, width, height)
