# One image for every part of production: the command chooses it.
#   docker run IMAGE python -m server | python -m consumers all | python -m migrations upgrade
FROM python:3.11-slim

WORKDIR /srv/explore
COPY requirements/runtime.txt requirements/
COPY requirements/vision.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/runtime.txt -r requirements/vision.txt

COPY domain domain
COPY runtime runtime
COPY stores stores
COPY services services
COPY loaders loaders
COPY schema schema
COPY resolvers resolvers
COPY operations operations
COPY server server
COPY web/dist web/dist
COPY ml ml
COPY consumers consumers
COPY migrations migrations
COPY importer importer
# The lists of last resort lie in .explore: give all parts of a deployment the same volume there.
RUN python -m compileall -q . && useradd --system --no-create-home explore && install -d -o explore .explore

USER explore
ENV PYTHONUNBUFFERED=1 EXPLORE_LOG_FORMAT=json
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=2s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('EXPLORE_HTTP_PORT', '8000')}/livez\", timeout=2)"]
CMD ["python", "-m", "server"]
