"""Checks of what accounts and workers may do: their grants, and where workers may send.

A check is a function of the repository's root folder, as those of ``deploy.check``.
"""

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from deploy.hcl import Grant, read_terraform

_FIREWALL = "google_compute_firewall"
_ON_PROJECT, _ON_DATASET = "google_project_iam_member", "google_bigquery_dataset_iam_member"
_ON_ACCOUNT, _ON_BUCKET = "google_service_account_iam_member", "google_storage_bucket_iam_member"
_ON_REPOSITORY = "google_artifact_registry_repository_iam_member"
GRANTS = {
    Grant("worker", _ON_PROJECT, "roles/dataflow.worker", "project"),
    Grant("worker", _ON_PROJECT, "roles/dataflow.developer", "project"),
    Grant("worker", _ON_PROJECT, "roles/bigquery.jobUser", "project"),
    Grant("worker", _ON_DATASET, "roles/bigquery.dataEditor", "ledger"),
    Grant("worker", _ON_BUCKET, "roles/storage.objectUser", "files"),
    Grant("worker", _ON_BUCKET, "roles/storage.objectViewer", "releases"),
    Grant("worker", _ON_REPOSITORY, "roles/artifactregistry.reader", "images"),
    Grant("worker", _ON_ACCOUNT, "roles/iam.serviceAccountUser", "worker"),
    Grant("launcher", _ON_PROJECT, "roles/dataflow.developer", "project"),
    Grant("launcher", _ON_ACCOUNT, "roles/iam.serviceAccountUser", "worker"),
    Grant("launcher", _ON_BUCKET, "roles/storage.objectViewer", "releases"),
    Grant("builder", _ON_PROJECT, "roles/logging.logWriter", "project"),
    Grant("builder", _ON_BUCKET, "roles/storage.objectUser", "releases"),
    Grant("builder", _ON_REPOSITORY, "roles/artifactregistry.writer", "images"),
}
"""Every allowed grant. Any other is a fault."""
_ALLOWED_OPENINGS = {("tcp", "80"), ("tcp", "443"), ("tcp", "12345-12346")}
_PRIVATE_NETWORKS = {"10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"}
_EVERYWHERE = "0.0.0.0/0"
_DEFAULT_PRIORITY = 1000


def role_faults(root: Path) -> list[str]:
    """Check that the grants in Terraform's files are those of ``GRANTS``: none missing, no other.

    Also check what the guide promises, whatever the list says: launcher and builder have no data, and a
    worker cannot replace a template.
    """
    terraform = read_terraform(root)
    if terraform is None:
        return []
    grants = set(terraform.grants())
    data, templates = terraform.buckets_of_data(), terraform.buckets_of_templates()
    return [
        *(
            f"{g.account} has {g.role} by a {g.kind} on {g.target}, which is not an allowed grant"
            for g in sorted(grants - GRANTS)
        ),
        *(f"{g.account} lacks {g.role} by a {g.kind} on {g.target}" for g in sorted(GRANTS - grants)),
        *(
            f"no bucket of {what} is found"
            for what, names in (("data", data), ("templates", templates))
            if not names
        ),
        *(f"the bucket {name} holds templates and data" for name in sorted(data & templates)),
        *(
            f"{g.account} may read data: {g.role} on {g.target}"
            for g in sorted(grants)
            if g.account != "worker"
            and (g.kind == _ON_DATASET or (g.kind == _ON_BUCKET and g.target in data))
        ),
        *(
            f"worker may replace templates: {g.role} on {g.target}"
            for g in sorted(grants)
            if g.account == "worker"
            and g.kind == _ON_BUCKET
            and g.target in templates
            and g.role != "roles/storage.objectViewer"
        ),
    ]


@dataclass(frozen=True)
class _EgressRule:
    """A rule of the firewall for what machines send; ``openings`` are pairs of protocol and port."""

    name: str
    priority: int
    openings: frozenset[tuple[str, str]]
    ranges: frozenset[str]
    has_targets: bool

    @classmethod
    def of(cls, name: str, body: dict[str, Any]) -> "_EgressRule":
        openings = frozenset(
            (str(allowed["protocol"]).strip('"'), str(port).strip('"'))
            for allowed in body.get("allow", [])
            for port in allowed.get("ports", ["all"])
        )
        return cls(
            name,
            int(body.get("priority", _DEFAULT_PRIORITY)),
            openings,
            frozenset(str(network).strip('"') for network in body.get("destination_ranges", [_EVERYWHERE])),
            "target_tags" in body or "target_service_accounts" in body,
        )


def egress_faults(root: Path) -> list[str]:
    """Check that workers may send web requests and data to each other, and nothing else."""
    terraform = read_terraform(root)
    if terraform is None:
        return []
    firewall = ((n, body) for kind, n, body in terraform.blocks("resource") if kind == _FIREWALL)
    rules = sorted(
        (_EgressRule.of(n, body) for n, body in firewall if "EGRESS" in str(body.get("direction"))),
        key=lambda rule: rule.priority,
    )
    found = [f"{rule.name}: the rule concerns only some machines" for rule in rules if rule.has_targets]
    found += [
        f"{rule.name}: workers may send to {protocol} port {port}"
        for rule in rules
        for protocol, port in sorted(rule.openings - _ALLOWED_OPENINGS)
    ]
    if not rules or rules[-1].openings or _EVERYWHERE not in rules[-1].ranges:
        found.append("network.tf: the last rule does not forbid what the others do not allow")
    before_web = takewhile(lambda rule: not (rule.openings and _EVERYWHERE in rule.ranges), rules)
    forbidden = {network for rule in before_web if not rule.openings for network in rule.ranges}
    found += [
        f"network.tf: {network} is not forbidden before the web is allowed"
        for network in sorted(_PRIVATE_NETWORKS - forbidden)
    ]
    return found
