"""The schema of a new ledger, to the letter; what is newer is refused, what is laid out otherwise is rebuilt."""

import pytest

from storage import derived, migrations, store
from storage.errors import KnownError
from storage.kinds import KINDS, Kind, Register
from tests.unit.storage.worlds import World, person, raw_body, take_in

SHARED = {
    "bundle": "id direction name digest scope peer at made_at operations fresh outcome "
    "device replica number missing receipt receipt_at",
    "device": "verify_key recipient role scope title state since compared",
    "alias": "vocabulary word code who at",
    "export": "id at who what name rows masked why scope",
    "intake": "id at who name digest scope kind added known changed review source year counts reverted_at "
    "reverted_by",
    "intake_op": "intake stream first last",
    "intake_row": "intake number sheet line status scope record score why said",
    "learned": "spelling scope record who at",
    "fate": "scope kind record fate reason",
    "heard": "device copy number bundle",
    "held": "device copy scope replica count fingerprint",
    "kit": "secret scope title made_on verify_key withdrawn",
    "meta": "key value",
    "operator": "name roles since removed_on",
    "policy_draft": "id toml who at",
    "arrival": "op at",
    "refilled": "op at",
    "op": "id oid stream seq record inert segment bundle body",
    "segment": "id stream first last count hash signer signature oids acked",
    "stream": "id scope replica count last_seq fingerprint",
}
DERIVED = {
    "village": "code title policy published registered residing counted_on counted_by task "
    "task_year task_on task_by share_year share_people share_of share_weight share_weights share_basis share_why",
    "household": "number head_name grp lane address grid helper door note void_reason void_seen "
    "void_beside void_after",
    "resident": "name id_number sex birth household relation residence phone ethnic hukou hukou_address "
    "category doubts note checked school school_class "
    "counted_in counted_record counted_since counted_why counted_from counted_seen "
    "void_reason void_seen void_beside void_after id_full birth_known sex_known doubt",
    "same": "left right answer",
    "enrolment": "resident year entry absence absence_note absence_on terms_policy terms_version",
    "subsidy": "resident year group_code grant_source since until void_reason void_seen void_beside void_after",
    "payment": "resident year amount paid_on channel receipt payer advanced_by policy terms_policy terms_version "
    "void_reason void_seen void_beside void_after stands",
    "refund": "resident year refund_reason group_code department amount claimed_on applied_on applied_by "
    "applied_paper refused_on refused_why received_amount received_on received_from received_batch handed_amount "
    "handed_on handed_to handed_by handed_how advanced_by signed_on signed_by signed_as signed_paper "
    "terms_policy terms_version void_reason void_seen void_beside void_after",
    "settlement": "resident year amount advance settled_on settled_by settled_to settled_how settled_note "
    "void_reason void_seen void_beside void_after",
    "confirmation": "resident year amount paid_on channel receipt list_name void_reason void_seen "
    "void_beside void_after",
    "coverage": "resident scheme scheme_state scheme_place scheme_type employer covered_since covered_as_of "
    "covered_by void_reason void_seen void_beside void_after",
    "credential": "resident credential credential_by credential_on",
    "assistance": "resident year need need_what need_on need_note",
    "visit": "household resident visited_on outcome retry_on visit_note list_number void_reason void_seen "
    "void_beside void_after",
    "visit_list": "list_number printed_on filter rows closed_on closed_why",
    "policy_text": "policy_id policy_toml",
    "certificate": "verify_key recipient role device_title since seal compared_on compared_by revoked_on "
    "revoked_why cuts",
    "erasure": "erased_kind erased_record erased_on erased_why erased_with erased_ops backup_days",
    "difference": "resident year answer_round difference detail fact here listed list_kind list_name list_on "
    "answer answer_why answered_on reply_round reply reply_note replied_on",
    "bulletin": "bulletin_number bulletin_year bulletin_on bulletin_at bulletin_unit follows corrects corrects_why "
    "rules_version rules_policy rules_text denominator held_count held_print held content content_print counted_with",
    "statement": "stated_unit stated_at stated stated_key stated_seal replaced",
    "batch": "batch_people batch_sort batch_title batch_place batch_of handed_on due_on holder holder_phone "
    "returned_people returned_on returned_note closed_on closed_why void_reason void_seen void_beside void_after",
    "contact": "unit unit_kind unit_code name post phone note shared void_reason void_seen void_beside void_after",
}
OTHERS = {
    "conflict": "scope kind record register",
    "twin": "scope record person",
    "search": "id scope record initials spelled sound id_back phone_back",
}


def test_the_schema_of_a_new_ledger(world: World) -> None:
    ledger = world.alone()
    expected = {name: fields.split() for name, fields in (SHARED | OTHERS).items()}
    expected |= {name: ["scope", "record", *fields.split()] for name, fields in DERIVED.items()}
    found = {}
    for name, strict in ledger.connection.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    ).fetchall():
        if name.startswith(("sqlite_", "_sqlite_migrations")):
            continue
        assert strict, name
        found[name] = [row[1] for row in ledger.connection.execute(f"PRAGMA table_info({name})")]
    expected["resident"].append("number")
    assert found == expected
    assert ledger.connection.execute("PRAGMA user_version").fetchone() == (migrations.SCHEMA,)
    assert {row[0] for row in ledger.connection.execute("SELECT name FROM _sqlite_migrations")} == {
        "001 the log and what is local",
        "002 receipts, what devices hold, operators",
        "003 lists that are taken over",
        "004 policies that are being written",
        "005 when entries came",
    }


def test_every_question_asked_of_the_whole_log_has_an_index(world: World) -> None:
    ledger = world.alone()
    for sql in (
        "SELECT 1 FROM op WHERE oid = x'00'",
        "SELECT 1 FROM op WHERE record = 'r'",
        "SELECT DISTINCT stream FROM op WHERE segment IS NULL",
        "SELECT stream, record, inert FROM op WHERE inert IS NOT NULL",
    ):
        plan = " ".join(row[3] for row in ledger.connection.execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert "USING" in plan and "INDEX" in plan, (sql, plan)


def test_a_newer_ledger_is_refused_and_left_alone(world: World) -> None:
    ledger = world.alone()
    ledger.connection.execute(f"PRAGMA user_version = {migrations.SCHEMA + 1}")
    ledger.close()
    with pytest.raises(KnownError) as caught:
        world.open(ledger.folder, "village")
    assert caught.value.code == "ledger.newer"
    assert not (ledger.folder / "ledger.db-wal").exists()  # closed again: nothing holds the file


def test_another_layout_in_the_file_means_rebuild(world: World) -> None:
    ledger = world.alone()
    ledger.write([person("r1", "王伟")])
    before = derived.state_digest(ledger.connection)
    ledger.connection.execute("DROP TABLE resident")
    ledger.connection.execute("CREATE TABLE resident (old TEXT) STRICT")
    ledger.set_meta("layout", "an older one")
    ledger.close()
    again = world.open(ledger.folder, "village")
    assert derived.state_digest(again.connection) == before
    assert again.meta("layout") == derived.layout()


@pytest.mark.parametrize("what", ["kind", "writers", "format", "rules"])
def test_another_vocabulary_is_another_layout(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an upgrade can read anew has to be folded anew, even where no table changes."""
    before = derived.layout()
    fact = KINDS["confirmation"].registers["fact"]
    registers = dict(KINDS["confirmation"].registers)
    match what:
        case "kind":
            monkeypatch.setitem(KINDS, "drone", Kind("drone", {"wings": Register({"span": int})}))
        case "writers":
            registers["fact"] = Register(fact.fields, writers="vo")
            monkeypatch.setitem(KINDS, "confirmation", Kind("confirmation", registers))
        case "format":
            monkeypatch.setattr("storage.log.FORMAT", 2)
        case "rules":
            monkeypatch.setattr(derived, "RULES", derived.RULES + 1)
    assert derived.layout() != before


def test_what_was_unread_lives_after_an_upgrade(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Operations of a kind this version does not know are kept, counted and listed, and read by the next."""
    ledger = world.alone()
    raw = [
        raw_body({"wings": {"span": 3}}, kind="drone", seq=1, replica="o9"),
        raw_body({"identity": {"name": "王伟"}, "wings": {"span": 3}}, seq=2, replica="o9"),
        raw_body({"identity": {"name": "李四"}}, seq=3, replica="o9", record="r2"),
    ]
    take_in(ledger, raw)
    inert = "SELECT record, inert FROM op WHERE inert IS NOT NULL ORDER BY seq"
    assert ledger.connection.execute(inert).fetchall() == [("r1", "unknown_kind"), ("r1", "unknown_register")]
    assert ledger.connection.execute("SELECT record FROM resident").fetchall() == [("r2",)]
    before = derived.state_digest(ledger.connection)
    ledger.close()

    wings = Register({"span": int})
    monkeypatch.setitem(KINDS, "drone", Kind("drone", {"wings": wings}))
    monkeypatch.setitem(
        KINDS,
        "resident",
        Kind("resident", {**KINDS["resident"].registers, "wings": Register({"span2": int})}),
    )
    monkeypatch.setattr(derived, "SHARED", (*KINDS, "conflict", "twin"))
    upgraded = world.open(ledger.folder, "village")
    assert upgraded.connection.execute(inert).fetchall() == [("r1", "unknown_field")]
    assert upgraded.connection.execute("SELECT record, span FROM drone").fetchall() == [("r1", 3)]
    assert derived.state_digest(upgraded.connection) != before
    stored = upgraded.connection.execute("SELECT body FROM op WHERE seq < 4 ORDER BY seq").fetchall()
    assert [store.body(row[0]) for row in stored][-3:] == raw


def test_a_ledger_that_was_never_finished_is_named(world: World) -> None:
    """The process died between making the file and filling it."""
    ledger = world.alone()
    ledger.connection.execute("DELETE FROM meta")
    ledger.close()
    with pytest.raises(KnownError) as caught:
        world.open(ledger.folder, "village")
    assert caught.value.code == "ledger.unreadable"
