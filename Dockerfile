# Two stages: the first installs and builds the index, the second holds only what runs.
FROM python:3.11-slim AS build
# Where CPU builds of torch come from; empty to use whatever pip finds by itself.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.lock ./
# Everything but torch by its hash, so that neither an index nor anything between it and here can slip in another file.
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
RUN /opt/venv/bin/pip install --no-cache-dir ${TORCH_INDEX:+--index-url ${TORCH_INDEX}} torch==2.13.0
COPY pyproject.toml README.md LICENSE ./
COPY index index
COPY bot bot
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e '.[postgres]'
RUN /opt/venv/bin/pip check
COPY knowledge knowledge
RUN /opt/venv/bin/python -m bot index --state /app/var

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 fathom
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build --chown=fathom:fathom /app /app
USER fathom
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1
# Index, embedding cache and database; a fresh volume begins with the index built above.
VOLUME /app/var
HEALTHCHECK --interval=60s --timeout=10s --start-period=120s CMD ["python", "-m", "bot", "healthcheck"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
