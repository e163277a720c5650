"""Two people of one household and one name are told apart wherever each has a button."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from gui import i18n
from gui.wording.called import called
from storage.policy import mask


@dataclass(frozen=True, slots=True)
class One:
    """What is read of a person."""

    record: str
    name: str
    id_number: str = ""


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    i18n.install()
    yield


def said(*people: One) -> list[str]:
    return list(called(people).values())  # type: ignore[arg-type]


def test_a_name_borne_once_is_enough() -> None:
    assert said(One("a", "巴图", "150000196001011234"), One("b", "萨日娜")) == ["巴图", "萨日娜"]


def test_two_of_one_name_are_told_apart_by_what_no_mask_hides() -> None:
    numbers = ("150000196001011234", "15000019900101567X")
    words = said(*(One(number, "萨日娜", number) for number in numbers))
    assert words == ["萨日娜 1234", "萨日娜 567X"]
    assert all(
        mask.id_number(one).endswith(word.split()[1]) for one, word in zip(numbers, words, strict=True)
    )


@pytest.mark.parametrize("number", ["", "1234", "150000196001011234"])
def test_numbers_that_are_no_help_leave_the_place(number: str) -> None:
    words = said(One("a", "", number), One("b", "巴图"), One("c", "", number))
    assert len(set(words)) == 3 and words[1] == "巴图"
    assert words[0].endswith("(1)") and words[2].endswith("(3)")
