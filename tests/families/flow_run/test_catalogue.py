"""The catalogues of sources and errors are complete, well formed and used unchanged."""

from __future__ import annotations

import json
import re
from uuid import UUID

from flowsim.families.flow_run import catalogue
from flowsim.families.flow_run.catalogue import CopyError
from flowsim.story.opening import open_story

from ...cases import for_each
from ...story.test_story import Json, events_of, run_of

SOURCES = catalogue.sources()
ERRORS = catalogue.run_errors()
COPY_ERRORS = catalogue.copy_errors()

# flow-run-payloads.md 5.2.
CONNECTION_SPECS = {
    "sftp": "b7bf2577-4520-42c9-bae9-cad01560f7bc",
    "ftp": "fb2e94c9-c031-467d-8103-6bd6e0a432f2",
    "data-landing-zone": "26f526f2-58f4-4712-961d-e41bf1ccc0e8",
    "salesforce": "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5",
    "dynamics": "38ad80fe-8b06-4938-94f4-d4ee80266b07",
    "salesforce-service-cloud": "cb66ab34-8619-49cb-96d1-39b37ede86ea",
    "servicenow": "eb13cb25-47ab-407f-ba89-c0125281c563",
    "hubspot": "cc6a4487-9e91-433e-a3a3-9cf6626c1806",
    "shopify": "4f63aa36-bd48-4e33-bb83-49fbcd11c708",
    "google-ads": "d771e9c1-4f26-40dc-8617-ce58c4b53702",
    "teradata": "2fa8af9c-2d1a-43ea-a253-f00a00c74412",
    "snowflake": "b2e08744-4f1a-40ce-af30-7abac3e23cf3",
    "snowflake-streaming": "51ae16c2-bdad-42fd-9fce-8d5dfddaf140",
    "azure-databricks": "e9d7ec6b-0873-4e57-ad21-b3a7c65e310b",
    "mailchimp": "c8ce8c8c-37fb-4162-9fbf-c2f181e04a7a",
    "mailchimp-members": "2e8580db-6489-4726-96de-e33f5f60295f",
    "amazon-s3": "ecadc60c-7455-4d87-84dc-2a0e293d997b",
    "azure-blob": "4c10e202-c428-4796-9208-5f1f5732b1cf",
    "adls-gen2": "b3ba5556-48be-44b7-8b85-ff2b69b46dc4",
    "azure-file-storage": "be5ec48c-5b78-49d5-b8fa-7c89ec4569b8",
    "google-cloud-storage": "32e8f412-cdf7-464c-9885-78184cb113fd",
    "hdfs": "54e221aa-d342-4707-bcff-7a4bceef0001",
    "oracle-object-storage": "c85f9425-fb21-426c-ad0b-405e9bd8a46c",
    "amazon-kinesis": "86043421-563b-46ec-8e6c-e23184711bf6",
    "azure-event-hubs": "bf9f5905-92b7-48bf-bf20-455bc6b60a4e",
    "google-pubsub": "70116022-a743-464a-bbfe-e226a7f8210c",
    "http-api": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb",
    "amazon-redshift": "3416976c-a9ca-4bba-901a-1f08f66978ff",
    "hive": "aac9bbd4-6c01-46ce-b47e-51c6f0f6db3f",
    "spark": "6a8d82bc-1caf-45d1-908d-cadabc9d63a6",
    "azure-data-explorer": "0479cc14-7651-4354-b233-7480606c2ac3",
    "azure-synapse": "a49bcc7d-8038-43af-b1e4-5a7a089a7d79",
    "azure-table-storage": "ecde33f2-c56f-46cc-bdea-ad151c16cd69",
    "google-bigquery": "3c9b37f8-13a6-43d8-bad3-b863b941fedd",
    "greenplum": "37b6bf40-d318-4655-90be-5cd6f65d334b",
    "db2": "09182899-b429-40c9-a15a-bf3ddbc8ced7",
    "mariadb": "3000eb99-cd47-43f3-827c-43caf170f015",
    "sql-server": "1f372ff9-38a4-4492-96f5-b9a4e4bd00ec",
    "mysql": "26d738e0-8963-47ea-aadf-c60de735468a",
    "oracle": "d6b52d86-f0f8-475f-89d4-ce54c8527328",
    "postgresql": "74a1c565-4e59-48d7-9d67-7c03b8a13137",
    "mixpanel": "fd2c8ff3-1de0-4f6b-8fa8-4264784870eb",
}
FLOW_SPECS = {
    "amazon-s3": "9753525b-82c7-4dce-8a9b-5ccfce2b9876",
    "salesforce": "14518937-270c-4525-bdec-c2ba7cce3860",
    "mysql": "14518937-270c-4525-bdec-c2ba7cce3860",
    "amazon-kinesis": "d69717ba-71b4-4313-b654-49f9cf126d7a",
    "http-api": "c1a19761-d2c7-4702-b9fa-fe91f0613e81",
    "mixpanel": "6499120c-0b15-42dc-936e-847ea3c24d72",
}

# flow-run-payloads.md 4.1, 4.2 and 3.6. 4.2 lists 200 too: accepted for processing, no error.
RUN = {"CONNECTOR-1001-500": "copy", "CONNECTOR-2001-500": "promotion"}
CAUSES = {"2200": "copy", **dict.fromkeys(("106", "118", "133", "400"), "promotion")}
RECORDS = [
    *(f"INGEST-{number}-400" for number in (1002, 1211, 1212, 1401, 1554, 1555)),
    "MAPPER-3700-400",
    *(f"DCVS-{number}-400" for number in (1101, 1104, 1105, 1106, 1111)),
]


def one(flow_run: Json) -> Json:
    return run_of(events_of({"flow_run": flow_run})[0])


def test_every_id_is_a_uuid_or_empty() -> None:
    for source in SOURCES.values():
        for text in (source.connection_spec, source.flow_spec):
            assert text == "" or str(UUID(text)) == text


def test_sources_have_the_ids_of_the_documents_and_a_flow_spec() -> None:
    assert {
        name: source.connection_spec for name, source in SOURCES.items() if source.connection_spec
    } == CONNECTION_SPECS
    assert {name: SOURCES[name].flow_spec for name in FLOW_SPECS} == FLOW_SPECS
    assert {source.flow_spec for source in SOURCES.values()} == set(FLOW_SPECS.values())


def test_no_two_sources_share_a_label_or_a_connection_spec() -> None:
    labels = [source.label for source in SOURCES.values()]
    specs = [source.connection_spec for source in SOURCES.values() if source.connection_spec]
    assert len(set(labels)) == len(labels)
    assert len(set(specs)) == len(specs)


FOREIGN = {
    "sftp": "sftp|SshNet",
    "ftp": r"\bftp",
    "amazon-s3": "S3|AWS",
    "azure-blob": "Blob",
    "azure-files": "Azure File",
    "adls-gen2": "ADLS",
    "hdfs": "HDFS",
    "database|oracle": "Odbc|ODBC",
    "database|oracle|sql-server|db2|data-explorer|azure-table": r"database|\btable or view|SqlEx",
    "oracle": "ORA-",
    "sql-server": "SQL Database|dbo",
    "db2": "DB2",
    "data-explorer": "Kusto",
    "salesforce": "Salesforce",
    "dynamics": "Dynamics",
    "rest|servicenow": "HttpStatusCode",
    "stream": "stream at",
}
"""Kinds of source → words that an error of any other kind does not have."""


@for_each("name", SOURCES)
def test_every_error_that_a_source_can_draw_fits_it(name: str) -> None:
    """Many failures of a source have all errors of its kind, and no other errors."""
    source, drawn = SOURCES[name], set()
    failure = {"source": name, "status": "failed", "stage": "copy"}
    for event in events_of({"flow_run": failure, "repeat": 100}):
        (activity,) = run_of(event)["activities"]
        detail = activity["statusSummary"]["extensions"]["errorDetail"]
        drawn.add(CopyError(detail, "", "").name)
        for kinds, words in FOREIGN.items():
            assert source.errors in kinds.split("|") or not re.search(words, detail), detail
    assert drawn == {error.name for error in COPY_ERRORS[source.errors]}


def test_every_kind_of_source_is_used_and_has_its_own_error() -> None:
    assert {*COPY_ERRORS} == {source.errors for source in SOURCES.values()}
    (of_every_kind,) = set.intersection(*map(set, COPY_ERRORS.values()))
    assert "'Sink' side" in of_every_kind.detail
    assert all(len(errors) > 1 for errors in COPY_ERRORS.values())


def test_every_copy_error_has_a_source_and_a_grade() -> None:
    """Two errors are Adobe's own: one for SFTP, one for the data lake (4.1)."""
    errors = {error for of_kind in COPY_ERRORS.values() for error in of_kind}
    assert {error.grade for error in errors} == {"documented", "inferred", "gap"}
    assert all(error.source for error in errors)
    printed = {error.name for error in errors if error.grade == "documented"}
    assert printed == {"SftpNetworkIssue", "UserErrorFailedToGetAccessTokenByServicePrincipal"}


def test_the_shipped_sftp_failure_is_the_one_in_adobes_documents() -> None:
    (event,) = open_story("failure-copy").events()
    extensions = run_of(event)["activities"][0]["statusSummary"]["extensions"]
    assert extensions["errorDetail"].startswith("ErrorCode=SftpNetworkIssue,")
    assert extensions["errors"][0]["message"].startswith("A connection attempt failed because")


@for_each("name", SOURCES)
def test_every_source_can_succeed_and_fail(name: str) -> None:
    success, failure = map(
        run_of,
        events_of(
            {"flow_run": {"source": name}},
            {"flow_run": {"source": name, "status": "failed", "stage": "copy"}},
        ),
    )
    assert success["metrics"]["statusSummary"] == {"status": "success"}
    (activity,) = failure["activities"]
    assert "ErrorCode=" in activity["statusSummary"]["extensions"]["errorDetail"]
    assert success["flowId"] == failure["flowId"]


def test_the_codes_are_those_of_the_documents() -> None:
    assert {*RUN, *CAUSES, *RECORDS} == set(ERRORS)
    for level, codes in (("run", RUN), ("cause", CAUSES), ("record", RECORDS)):
        assert {code for code, error in ERRORS.items() if error.level == level} == set(codes)


@for_each(
    ("code", "message"),
    [
        ("CONNECTOR-1001-500", "Error in copying the data from Source"),
        ("106", "Dataset file is empty. Please upload file with data."),
        ("118", "CSV file contains empty header row."),
        (
            "INGEST-1211-400",
            "Encountered errors while parsing, converting or otherwise validating the data. Please "
            "resend the data with error diagnostics enabled to collect additional information on "
            "failure types",
        ),
        (
            "INGEST-1401-400",
            "The row has corrupted data and cannot be read or parsed. Fix the corrupted data and "
            "try again.",
        ),
        (
            "INGEST-1555-400",
            "A required field is either missing or has a value of null. Add the required field to "
            "the input row and try again.",
        ),
        ("MAPPER-3700-400", "Mapper Transform Error"),
    ],
)
def test_a_documented_error_has_the_documented_message(code: str, message: str) -> None:
    """Its grade says so (3.6, 4.1, 4.2)."""
    assert (ERRORS[code].message, ERRORS[code].grade) == (message, "documented")


def test_the_summary_of_rejected_records_has_the_published_words() -> None:
    run = one({"records": {"input": 100, "failed": 1}, "partial_ingestion_percent": 5})
    summary, detail = run["activities"][1]["statusSummary"]["extensions"]["errors"]
    assert summary == {
        "code": "INGEST-1212-400",
        "message": "Encountered 1 errors in the data. Successfully ingested 99 rows. Review the "
        "associated diagnostic files for additional details.",
    }
    assert [*detail] == ["code", "recordCount", "message"]


def test_every_code_has_a_message_and_the_stage_of_the_documents() -> None:
    stages = {**RUN, **CAUSES, **dict.fromkeys(RECORDS, "promotion")}
    assert {code: error.stage for code, error in ERRORS.items()} == stages
    assert all(error.message.strip() == error.message != "" for error in ERRORS.values())


@for_each("code", ERRORS)
def test_every_code_can_be_stated_on_a_failed_run(code: str) -> None:
    """It stands in the activity of its stage, with its message."""
    (activity,) = one({"status": "failed", "errors": [code]})["activities"]
    assert activity["id"] == f"{ERRORS[code].stage}Activity"
    summary = activity["statusSummary"]
    place = summary["errors"] if code in RUN else summary["extensions"]["errors"]
    messages = {error["code"]: error["message"] for error in place}
    assert messages[code] == ERRORS[code].message or code == "2200"


@for_each("code", RECORDS)
def test_every_record_code_can_be_the_reason_of_a_partial_success(code: str) -> None:
    run = one(
        {
            "records": {"input": 1000, "failed": 30},
            "partial_ingestion_percent": 5,
            "errors": [code],
        }
    )
    extensions = run["activities"][1]["statusSummary"]["extensions"]
    assert code in [error["code"] for error in extensions["errors"]]
    assert run["metrics"]["statusSummary"]["status"] == "success"


@for_each("code", [code for code in CAUSES if code.isdigit()])
def test_a_code_of_digits_may_be_written_as_a_number(code: str) -> None:
    assert one({"status": "failed", "errors": [int(code)]}) == one(
        {"status": "failed", "errors": [code]}
    )


def test_codes_of_digits_are_text_in_the_notification() -> None:
    assert '"code": "133"' in json.dumps(one({"status": "failed", "errors": [133]}))
