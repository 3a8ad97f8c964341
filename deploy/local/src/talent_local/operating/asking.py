"""``python -m talent_local.operating.asking [ADDRESS]``: ask a running Prometheus everything that rules and dashboards ask.

Every expression is evaluated as Prometheus understands it; metrics and labels that no process shows are named, and so is
every panel and rule that has nothing to show. Exit status 1 when an expression is refused, or names what is not there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from talent_local.home import checkout
from talent_local.operating.asked import FOREIGN, OF_THE_SCRAPE, Asked, asked

ADDRESS: Final = "http://127.0.0.1:9090"
SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Told:
    """What Prometheus made of one expression.

    Attributes:
        series: how many it answered with; for an alert, how many would be pending or firing.
        trouble: sentences that say what is wrong.
    """

    question: Asked
    series: int
    trouble: tuple[str, ...] = ()


class Prometheus:
    """A running Prometheus.

    Raises:
        httpx.HTTPError: from every method, when it does not answer.
    """

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=SECONDS, trust_env=False)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def evaluate(self, expression: str) -> tuple[list[dict[str, Any]], str]:
        """The labels of the series that an instant query answers with, or why it was refused."""
        answer = self._client.get("/api/v1/query", params={"query": expression}).json()
        if answer["status"] != "success":
            return [], str(answer["error"])
        result = answer["data"]["result"]
        return [dict(each["metric"]) for each in result] if answer["data"]["resultType"] == "vector" else [{}], ""

    def services(self) -> list[str]:
        """What a dashboard offers where one may choose a service."""
        answer = self._client.get("/api/v1/label/service/values", params={"match[]": "http_requests_total"})
        found: list[str] = answer.json()["data"]
        return found


def ask(prometheus: Prometheus, questions: Sequence[Asked]) -> Iterator[Told]:
    """Everything in turn."""
    services, shown = prometheus.services(), dict[str, set[str]]()
    for question in questions:
        trouble, series = [], 0
        for service in services if "$service" in question.expression else [""]:
            found, refused = prometheus.evaluate(question.expression.replace("$service", service))
            series += len(found)
            trouble += [refused] if refused else []
        for name, labels in question.labels().items():
            if name not in shown:
                shown[name] = {label for each in prometheus.evaluate(name)[0] for label in each}
            if name in FOREIGN and not shown[name]:
                continue
            if not shown[name]:
                trouble.append(f"nobody shows {name}")
            elif lacking := labels - shown[name] - OF_THE_SCRAPE:
                trouble.append(f"{name} has no label {', '.join(sorted(lacking))}")
        yield Told(question, series, tuple(trouble))


def main(arguments: Sequence[str]) -> int:
    """Ask, say it line by line; 1 when something is wrong."""
    prometheus = Prometheus(arguments[0] if arguments else ADDRESS)
    wrong = 0
    try:
        for told in ask(prometheus, asked(checkout())):
            wrong += bool(told.trouble)
            word = "WRONG" if told.trouble else "empty" if not told.series else f"{told.series:5d}"
            sys.stdout.write(f"{word}  {told.question.kind:6}  {told.question.place}\n")
            for each in told.trouble:
                sys.stdout.write(f"       {each}\n       {told.question.expression}\n")
    except httpx.HTTPError as error:
        sys.stderr.write(f"Prometheus does not answer: {error}\n")
        return 2
    finally:
        prometheus.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
