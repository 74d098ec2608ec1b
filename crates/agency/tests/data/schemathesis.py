"""What schemathesis is told of tus: the piece of a file is bytes as they are."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
