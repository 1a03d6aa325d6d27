"""What unmodified clients read from the environment, so that they reach the service.

Nothing is set in the environment of this process. The authority of the service takes the place
of the system's where a client knows one file only: the proxy lets it reach nothing else anyway.

Clients read ``NO_PROXY`` in different ways. An entry that leads one of them past the proxy to a
host of Adobe's is not passed on to any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlsplit

from ..core import adobe_hosts, json_writing
from ..core.host_names import bracketed, reached_at
from ..core.shell_words import quoted
from ..installation import settings

DIRECT = ("localhost", "127.0.0.1", "::1")
"""The hosts that are reached without the proxy."""

_SCOPES = "AdobeID,openid,adobeio_api"

_JAVA_SDK = {
    "aio_api_key": "FLOWSIM_CLIENT_ID",
    "aio_client_secret": "FLOWSIM_CLIENT_SECRET",
    "aio_credential_id": "FLOWSIM_CREDENTIAL_ID",
    "aio_ims_org_id": "FLOWSIM_IMS_ORG",
    "aio_consumer_org_id": "FLOWSIM_ORG",
    "aio_project_id": "FLOWSIM_PROJECT",
    "aio_workspace_id": "FLOWSIM_WORKSPACE",
}
"""What the testers of Adobe's Java SDK call the ids of an installation (6.8)."""


@dataclass(frozen=True, slots=True)
class Access:
    """How clients on this machine reach a service.

    ``url`` is where it speaks HTTP; the other ports are on the same host. The rest are paths:
    the authority as PEM, the same as a trust store for Java with its password, and the file that
    Node programs load first.
    """

    url: str
    tls_port: int
    proxy_port: int
    authority: str
    trust_store: str
    trust_store_password: str
    node_preload: str

    @property
    def host(self) -> str:
        """The host of the ports; the loopback if the service listens everywhere."""
        return reached_at(urlsplit(self.url).hostname or "")


def of_service(identity: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Return ``variables`` for a service of this installation, which ``identity`` describes."""
    from ..installation import authority  # its import takes longer than most commands

    made = authority.load(settings.authority_folder())
    access = Access(
        url=identity["FLOWSIM_SERVICE"],
        tls_port=int(identity["FLOWSIM_TLS_PORT"]),
        proxy_port=int(identity["FLOWSIM_PROXY_PORT"]),
        authority=str(made.certificate.absolute()),
        trust_store=str(made.trust_store.absolute()),
        trust_store_password=authority.TRUST_STORE_PASSWORD,
        node_preload=str(node_preload()),
    )
    return variables(access, identity, before)


def node_preload() -> Path:
    """Return the file that lets Node programs reach the service under Adobe's host names."""
    return Path(__file__).with_name("node_preload.cjs")


def variables(
    access: Access, identity: Mapping[str, str], before: Mapping[str, str]
) -> dict[str, str]:
    """Return the variables to be set, in the order in which they are printed.

    ``identity`` are the ids and secrets of the installation, called ``FLOWSIM_…``. What the
    environment ``before`` says is kept where a variable can say more than one thing.
    """
    return {
        **identity,
        **_proxies(access, before),
        **_authorities(access),
        **_node(access, identity, before),
        **_java(access, identity, before),
    }


def _proxies(access: Access, before: Mapping[str, str]) -> dict[str, str]:
    """Return both spellings, since clients differ in which one they read."""
    proxy = f"http://{bracketed(access.host)}:{access.proxy_port}"
    exempt = ",".join(_exempt(access, before))
    values = {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy, "NO_PROXY": exempt}
    return {spelt: value for name, value in values.items() for spelt in (name, name.lower())}


def _exempt(access: Access, before: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys([*DIRECT, access.host, *exempt_hosts(before)]))


def exempt_hosts(environment: Mapping[str, str]) -> list[str]:
    """Return the entries of ``NO_PROXY`` that lead to none of Adobe's hosts, as written."""
    return [entry for entry in _entries(environment) if not _leads_to_adobe(entry)]


def left_out_hosts(environment: Mapping[str, str]) -> list[str]:
    """Return the entries of ``NO_PROXY`` that lead to hosts of Adobe's."""
    return [entry for entry in _entries(environment) if _leads_to_adobe(entry)]


def _entries(environment: Mapping[str, str]) -> list[str]:
    stated = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    return list(filter(None, re.split(r"[,\s]+", stated)))


def _leads_to_adobe(entry: str) -> bool:
    """Tell whether any client takes an entry for one of Adobe's hosts.

    Most take ``adobe.io`` for every name below it too, and requests for every name that ends so.
    Java knows a star at either end. Some look at a port, some do not.
    """
    name = re.sub(r"^([^:]*):\d+$", r"\1", entry.lower()).rstrip(".")
    end = name.lstrip("*.")
    return any(host.endswith(end) or fnmatchcase(host, name) for host in adobe_hosts.ALL)


def _authorities(access: Access) -> dict[str, str]:
    """Return what OpenSSL (urllib, httpx, aiohttp), requests and curl read."""
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    return dict.fromkeys(names, access.authority)


def _node(access: Access, identity: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Return what Node and Adobe's SDK for it read (2.5)."""
    return {
        "NODE_EXTRA_CA_CERTS": access.authority,
        "NODE_OPTIONS": _added(
            before.get("NODE_OPTIONS"), f"--require {_word(access.node_preload)}"
        ),
        "FLOWSIM_TLS_ADDRESS": access.host,
        "FLOWSIM_TLS_PORT": str(access.tls_port),
        "FLOWSIM_TLS_HOSTS": ",".join(adobe_hosts.ALL),
        "AIO_STATE_ENDPOINT": access.url,
        "__OW_NAMESPACE": "flowsim",
        "__OW_API_KEY": identity.get("FLOWSIM_TOKEN", ""),
    }


def _java(access: Access, identity: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """Return what every Java program reads, and what the testers of Adobe's SDK do (6.8)."""
    exempt = "|".join(map(_java_pattern, _exempt(access, before)))
    properties = {
        "javax.net.ssl.trustStore": access.trust_store,
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": access.trust_store_password,
        "http.proxyHost": access.host,
        "http.proxyPort": str(access.proxy_port),
        "https.proxyHost": access.host,
        "https.proxyPort": str(access.proxy_port),
        "http.nonProxyHosts": exempt,
    }
    options = " ".join(_word(f"-D{name}={value}") for name, value in properties.items())
    return {
        "JAVA_TOOL_OPTIONS": _added(before.get("JAVA_TOOL_OPTIONS"), options),
        "aio_api_url": access.url,
        "aio_publish_url": access.url,
        "aio_ims_url": access.url,
        "aio_oauth_scopes": _SCOPES,
        **{name: identity[ours] for name, ours in _JAVA_SDK.items() if ours in identity},
    }


def _java_pattern(host: str) -> str:
    return f"*{host}" if host.startswith(".") else bracketed(host)


def _word(text: str) -> str:
    """Return one option for Node and Java, which split options at blanks."""
    if not any(each in text for each in " \t\"'"):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _added(before: str | None, more: str) -> str:
    """Return options with more of them, once."""
    kept = (before or "").replace(more, "").strip()
    return f"{kept} {more}".strip()


def spell(values: Mapping[str, str], form: str) -> str:
    """Return variables as ``export`` lines for a shell, as ``dotenv``, or as ``json``."""
    if form == "json":
        return json_writing.indented(dict(values))
    if form == "dotenv":
        return "\n".join(f"{name}={_quoted(value)}" for name, value in values.items())
    return "\n".join(f"export {name}={quoted(value)}" for name, value in values.items())


def _quoted(value: str) -> str:
    """Return a value in quotes that all readers of dotenv files understand."""
    if "'" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
