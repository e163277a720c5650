"""Names the national standards give to codes that are stored: official words, the same in every language."""

RELATIONS = {
    "0": "户主",
    "1": "配偶",
    "2": "子/婿",
    "3": "女/媳",
    "4": "孙子女",
    "5": "父母",
    "6": "祖父母",
    "7": "兄弟姐妹",
    "8": "其他",
}
"""Relation to the head by the one-digit code of the forms (GB/T 4761); 2 and 3 hold the children's spouses too."""

SEXES = {"1": "男", "2": "女"}
"""GB/T 2261.1."""

REMINDED = "reminded"
OUTCOMES = ("met", "absent", "refused", "promised", "phoned", REMINDED)
"""What a visit or call came to; the last is a text that was sent: nobody was spoken to."""

_STUDENT = ("学生", "在校", "1403", "1404")


def is_student(category: str) -> bool:
    """Tell whether a category of people names one at school, in the words of rosters or the platform's code
    (psn_type 1403 pupil, 1404 student).
    """
    return any(word in category for word in _STUDENT)
