"""Wordings of what is refused about jobs."""

from __future__ import annotations

JOBS: dict[str, str] = {
    "no-vault": "本系统未配置文件密钥，不能接收文件。",
    "job-broke": "任务因系统错误而停止，已记录。",
    "unknown-job": "没有处理此类任务的程序。",
    "file-deleted": "该任务的文件已到期删除，请重新提交。",
}
