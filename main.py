"""Huqing 户清: the window by default, the command line with a verb (``main.py --help``)."""

import sys


def main(arguments: list[str]) -> int:
    """Do what the arguments say; returns the exit code."""
    if arguments[:1] == ["sheet-child"]:  # the reader of one file: nothing else may be loaded for it
        from sync.sheets import child

        return child.main(arguments[1:])
    from gui import verbs

    try:
        return verbs.run(arguments)
    except ModuleNotFoundError as error:
        sys.exit(f"缺少 {error.name}：请用 python3 dev.py run 启动，它会备齐所需 (start it by dev.py run)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
