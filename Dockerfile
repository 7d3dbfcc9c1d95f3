# One image for all processes: serve, worker, migrate and the commands of the terminal.
#
#     docker build --tag longshore .
#
# The newest version of Python that the requirements were locked and tested with, by its digest.
ARG PYTHON=python:3.11.13-slim-bookworm@sha256:86adf8dbadc3d6e82ee5dd2c74bec2e1c2467cdad47886280501df722372d2e1

FROM ${PYTHON} AS build
RUN python -m venv /opt/longshore
COPY requirements-s3.txt /tmp/
# Those of requirements.txt, and the client of S3-compatible stores.
RUN /opt/longshore/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --requirement /tmp/requirements-s3.txt
COPY src /opt/longshore/src
RUN /opt/longshore/bin/python -m compileall -q /opt/longshore/src \
    && printf '#!/bin/sh\nexec /opt/longshore/bin/python -m longshore "$@"\n' \
        > /opt/longshore/bin/longshore \
    && chmod 755 /opt/longshore/bin/longshore

FROM ${PYTHON}
COPY --from=build /opt/longshore /opt/longshore
RUN useradd --create-home --uid 10001 longshore \
    && install --directory --owner=longshore --group=longshore --mode=700 /data
ENV PATH=/opt/longshore/bin:$PATH \
    PYTHONPATH=/opt/longshore/src \
    LONGSHORE_DATA=/data \
    LONGSHORE_LOG_FORMAT=json
USER longshore
WORKDIR /home/longshore
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["longshore"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
