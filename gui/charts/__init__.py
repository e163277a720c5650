"""Charts where people look rather than read: one painter for screen, paper and picture; every value said in words.

What is shown is plain data (``values``): a ``Ranking`` (bars, target line, last issue's mark; special groups are one
too) or a ``Progress`` (small multiples on one scale). ``lay.drawing(chart, face, width, height)`` puts it in its place
as a ``Drawing``: shapes to paint, marks to walk and open. A ``Face`` says how large a pixel of the sketch is in units
of the painter and which colours there are: ``faces.screen()``, ``faces.paper()``, ``faces.picture(scale)``.

    view.ChartView()                     the widget: show_chart(chart); opened(code); arrows walk, Enter opens
    view.ChartPanel()                    the same with its table behind it, and scrolling
    prints.image(chart, width, scale)    QImage for the chat; prints.write_png(charts, path)
    prints.Sheets(chart)                 A4: .pages, .format, .paint(painter, number); prints.write_pdf(chart, path)

No meaning hangs on colour: what is marked is hatched and has a word, lines differ in how they are dashed.
"""
