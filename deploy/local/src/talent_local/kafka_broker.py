"""A real Apache Kafka broker (KRaft, one node) in a directory, from jars that Maven gathers once.

No Docker and no installation: Java 17 and Maven suffice. The broker is meant for one machine: replication factors are 1
and the heap is 512 MiB. It outlives the process that starts it; its process id is kept in the directory.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import time
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Final

import psutil

from talent_local.running.outliving import outliving

POM: Final = Path(__file__).resolve().parents[2] / "kafka" / "pom.xml"
_LOGGING: Final = """\
status=warn
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %c %m%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
logger.server.name=kafka.server
logger.server.level=info
"""
_PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}
controller.listener.names=CONTROLLER
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
default.replication.factor=1
min.insync.replicas=1
auto.create.topics.enable=false
unclean.leader.election.enable=false
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
num.network.threads=2
num.io.threads=4
"""


class KafkaUnavailable(Exception):
    """The broker could not be fetched, formatted or started; the message carries the tail of its log."""


class KafkaBroker:
    """One broker with its data below `directory`; `jars` is a folder that several brokers may share."""

    def __init__(self, directory: Path, *, jars: Path | None = None, port: int | None = None) -> None:
        self.directory = directory.resolve()
        self.jars = (jars or self.directory / "jars").resolve()
        self.log = self.directory / "kafka.log"
        self._port = port
        self._pid_file = self.directory / "kafka.pid"
        self._properties = self.directory / "server.properties"

    @property
    def port(self) -> int:
        """TCP port of the broker on 127.0.0.1, chosen at the first start and kept."""
        return int((self.directory / "port").read_text())

    @property
    def bootstrap(self) -> str:
        """Bootstrap address `host:port` for clients."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """Process id of the live broker, or None; what an ended one left in the file is not believed."""
        try:
            pid = int(self._pid_file.read_text())
            process = psutil.Process(pid)
            alive = process.status() != psutil.STATUS_ZOMBIE and str(self._properties) in process.cmdline()
        except (OSError, ValueError, psutil.Error):
            return None
        return pid if alive else None

    def is_running(self) -> bool:
        """Whether the broker process is alive."""
        return self.pid is not None

    def start(self, *, timeout: float = 90.0) -> None:
        """Gather the jars, format the storage, start the JVM and return once it serves; `timeout` in seconds."""
        if self.is_running():
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        self.gather_jars()
        self._configure()
        self._format()
        command = [*self._java("-Xms256m", "-Xmx512m"), "kafka.Kafka", str(self._properties)]
        with self.log.open("w") as log:
            process = outliving(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    cwd=self.directory,
                )
            )
        self._pid_file.write_text(str(process.pid))
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise KafkaUnavailable(f"the broker ended with {process.returncode}\n{self._tail()}")
            if "Kafka Server started" in self.log.read_text(errors="replace") and _listens(self.port):
                return
            time.sleep(0.1)
        self.kill()
        raise KafkaUnavailable(f"the broker did not serve within {timeout:.0f} s\n{self._tail()}")

    def stop(self, *, timeout: float = 30.0) -> None:
        """End the broker in order; after `timeout` seconds by force."""
        pid = self.pid
        if pid is None:
            return
        process = psutil.Process(pid)
        process.terminate()
        if not _gone(process, timeout):
            self.kill()

    def kill(self) -> None:
        """Crash the broker: SIGKILL."""
        pid = self.pid
        if pid is not None:
            process = psutil.Process(pid)
            process.kill()
            _gone(process, 10.0)

    def gather_jars(self) -> None:
        """Let Maven copy the broker's jars into the folder unless it holds those of the present pom already."""
        wanted = hashlib.sha256(POM.read_bytes()).hexdigest()
        mark = self.jars / "pom.sha256"
        if mark.exists() and mark.read_text() == wanted:
            return
        maven = shutil.which("mvn")
        if maven is None:
            raise KafkaUnavailable("Maven (mvn) is not installed")
        self.jars.mkdir(parents=True, exist_ok=True)
        for old in self.jars.glob("*.jar"):
            old.unlink()
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={self.jars}"]
        done = subprocess.run(
            [maven, "-q", "-B", "-f", str(POM), *goal], check=False, capture_output=True, text=True, timeout=600
        )
        if done.returncode != 0:
            raise KafkaUnavailable(
                f"Maven could not gather the broker's jars:\n{done.stdout[-2000:]}{done.stderr[-500:]}"
            )
        mark.write_text(wanted)

    def _configure(self) -> None:
        chosen = self.directory / "port"
        if not chosen.exists():
            chosen.write_text(str(self._port or _free_port()))
            (self.directory / "controller-port").write_text(str(_free_port()))
        controller = int((self.directory / "controller-port").read_text())
        data = self.directory / "data"
        self._properties.write_text(_PROPERTIES.format(broker=self.port, controller=controller, data=data))
        (self.directory / "log4j2.properties").write_text(_LOGGING)

    def _format(self) -> None:
        if (self.directory / "data" / "meta.properties").exists():
            return
        cluster = urlsafe_b64encode(b"T" + uuid.uuid4().bytes[1:]).rstrip(b"=").decode()  # must not begin with a dash
        arguments = ["format", "--standalone", "--cluster-id", cluster, "--config", str(self._properties)]
        command = [*self._java("-Xmx256m"), "kafka.tools.StorageTool", *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, cwd=self.directory)
        if done.returncode != 0:
            raise KafkaUnavailable(f"the storage could not be formatted:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    def _java(self, *options: str) -> list[str]:
        home = os.environ.get("JAVA_HOME")
        java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
        if java is None:
            raise KafkaUnavailable("Java is not installed")
        fast = (
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
        )
        logging = f"-Dlog4j2.configurationFile={self.directory / 'log4j2.properties'}"
        return [java, *options, *fast, logging, "-cp", f"{self.jars}/*"]

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _gone(process: psutil.Process, timeout: float) -> bool:
    """Wait up to `timeout` seconds for the end of a process that may or may not be our child."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.Error:
            return True
        time.sleep(0.05)
    return False
