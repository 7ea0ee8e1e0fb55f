"""Make the store's bucket where it is missing, and let the server keep every version of what is in it.

The store and its server are those of the settings, the keys those that boto3 finds. Run again, it changes nothing.
"""

from __future__ import annotations

import boto3
from botocore.exceptions import ClientError

from rangkiang.settings import Settings
from rangkiang.steps.access import Place


def main() -> None:
    settings = Settings()
    bucket = Place.of(settings.store_url).bucket
    client = boto3.client("s3", endpoint_url=settings.s3_endpoint or None)
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


if __name__ == "__main__":
    main()
