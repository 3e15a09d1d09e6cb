"""The only reader of the environment."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting, with the name of its environment variable as alias. Durations are seconds, sizes bytes."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True, frozen=True)

    enabled: bool = Field(False, alias="IMPORTS_ENABLED")
    environment: Literal["development", "production"] = Field("development", alias="IMPORTS_ENV")
    runner_mode: Literal["inline", "celery"] = Field("inline", alias="IMPORTS_RUNNER_MODE")

    db_dsn: str | None = Field(None, alias="DB_DSN")
    """The app's own role; the embedded PostgreSQL when absent."""
    db_admin_dsn: str | None = Field(None, alias="DB_ADMIN_DSN")
    """For migrations only."""
    redis_url: str | None = Field(None, alias="REDIS_URL")
    data_dir: Path = Field(Path(".data"), alias="IMPORTS_DATA_DIR")
    """Where the embedded database and the files live."""

    jwt_secret: SecretStr | None = Field(None, alias="IMPORTS_JWT_SECRET")
    jwt_issuer: str = Field("gestiqcloud", alias="IMPORTS_JWT_ISSUER")
    jwt_audience: str = Field("imports", alias="IMPORTS_JWT_AUDIENCE")

    clamd_address: str | None = Field(None, alias="CLAMD_ADDRESS")
    """Unix socket path or host:port; the embedded scanner when absent."""

    lease_seconds: float = Field(15.0, alias="IMPORTS_LEASE_SECONDS")
    sweep_seconds: float = Field(5.0, alias="IMPORTS_SWEEP_SECONDS")
    backoff_seconds: float = Field(2.0, alias="IMPORTS_BACKOFF_SECONDS")
    deaf_seconds: float = Field(60.0, alias="IMPORTS_DEAF_SECONDS")
    """A worker that claims nothing for so long while work is due is restarted."""
    dead_letter_days: int = Field(7, alias="IMPORTS_DEAD_LETTER_DAYS")

    max_file_bytes: int = Field(50 * 1024 * 1024, alias="IMPORTS_MAX_FILE_BYTES")
    max_files_per_request: int = Field(200, alias="IMPORTS_MAX_FILES_PER_REQUEST")
    max_rows_per_request: int = Field(10_000, alias="IMPORTS_MAX_ROWS_PER_REQUEST")
    requests_per_minute: int = Field(600, alias="IMPORTS_REQUESTS_PER_MINUTE")
    """Per tenant; bursts up to the same number."""

    rows_per_day: int = Field(5_000_000, alias="IMPORTS_ROWS_PER_DAY")
    files_per_day: int = Field(50_000, alias="IMPORTS_FILES_PER_DAY")
    bytes_per_day: int = Field(50 * 1024**3, alias="IMPORTS_BYTES_PER_DAY")
    files_in_store: int = Field(2_000_000, alias="IMPORTS_FILES_IN_STORE")
    bytes_in_store: int = Field(500 * 1024**3, alias="IMPORTS_BYTES_IN_STORE")
    open_batches: int = Field(2_000, alias="IMPORTS_OPEN_BATCHES")
    items_in_flight: int = Field(1_000_000, alias="IMPORTS_ITEMS_IN_FLIGHT")
    """Quotas of a tenant that has no limits of its own."""

    failed_logins_per_minute: int = Field(100, ge=1, alias="IMPORTS_FAILED_LOGINS_PER_MINUTE")
    """Per address that a request comes from."""
    trusted_proxies: str = Field("", alias="IMPORTS_TRUSTED_PROXIES")
    """Networks, comma-separated, whose ``X-Forwarded-For`` is believed."""

    care_minutes: int = Field(60, ge=1, alias="IMPORTS_CARE_MINUTES")
    """How often purges run and the audit trail is anchored."""
    file_grace_hours: float = Field(24.0, ge=1.0, alias="IMPORTS_FILE_GRACE_HOURS")
    audit_anchor_file: Path | None = Field(None, alias="IMPORTS_AUDIT_ANCHOR_FILE")

    pool_size: int = Field(8, alias="IMPORTS_DB_POOL_SIZE")
    sandbox_children: int = Field(2, alias="IMPORTS_SANDBOX_CHILDREN")
    sandbox_memory_bytes: int = Field(3 * 1024**3, alias="IMPORTS_SANDBOX_MEMORY_BYTES")
    sandbox_strict: bool = Field(False, alias="IMPORTS_SANDBOX_STRICT")
    """Refuse to start where one of the walls around the parsers cannot be built."""
    ocr_engine: Literal["paddle", "tesseract", "null"] = Field("paddle", alias="IMPORTS_OCR_ENGINE")
    ocr_languages: str = Field("spa+eng", alias="IMPORTS_OCR_LANGUAGES")
    """Both are passed on to the parser children, which read them in ``adapters.ocr.engines``."""
    metrics_dir: Path | None = Field(None, alias="PROMETHEUS_MULTIPROC_DIR")
    metrics_token: SecretStr | None = Field(None, alias="IMPORTS_METRICS_TOKEN")
    """What Prometheus has to show as a bearer; without it ``/metrics`` is open."""
    metrics_tenants: bool = Field(False, alias="IMPORTS_METRICS_TENANTS")
    """Whether labels name tenants; in production only behind a token."""
    worker_metrics_host: str = Field("127.0.0.1", alias="IMPORTS_WORKER_METRICS_HOST")
    worker_metrics_port: int = Field(0, ge=0, le=65535, alias="IMPORTS_WORKER_METRICS_PORT")
    """Where the workers' supervisor answers ``/metrics``; 0 is nowhere."""

    crash_at: str | None = Field(None, alias="IMPORTS_CRASH_AT")
    """A crash point to arm, for tests; refused in production."""
    crash_dir: Path | None = Field(None, alias="IMPORTS_CRASH_DIR")
    crash_action: Literal["exit", "hold"] = Field("exit", alias="IMPORTS_CRASH_ACTION")

    @property
    def anchors(self) -> Path:
        return self.audit_anchor_file or self.data_dir / "audit-anchors.jsonl"

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
