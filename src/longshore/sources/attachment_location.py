"""From settings to the place of the attachments."""

from pathlib import Path

from longshore.errors import RequestRefused
from longshore.settings import Settings
from longshore.sources.attachments import AttachmentStore

_SCHEME = "s3://"


def open_attachments(settings: Settings) -> AttachmentStore:
    """The attachments where the settings say; nothing is written or asked yet.

    Raises RequestRefused for a bucket when what it needs is not there: its extra, or credentials.
    """
    place = settings.attachments
    if not place.startswith(_SCHEME):
        return AttachmentStore(Path(place) if place else settings.data / "attachments")
    try:
        # It takes long to load, and few need it.
        from longshore.sources.attachment_bucket import AttachmentBucket, BucketAddress
    except ImportError as error:
        raise RequestRefused(
            f"attachments in {place} need obstore, which is not installed",
            hint="pip install 'longshore[s3]'",
        ) from error
    bucket, _, prefix = place.removeprefix(_SCHEME).partition("/")
    address = BucketAddress(
        bucket=bucket,
        prefix=prefix,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
    )
    return AttachmentStore(AttachmentBucket(address))
