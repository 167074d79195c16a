# One thin line for everything an operator does. Variables: SERVER_HOST, SERVER_USER, REMOTE_DIR, and those of .env.example.
SHELL := /bin/bash
# The clients read .env themselves; here only the remote commands need to know the host.
SERVER_HOST ?= $(or $(shell sed -n 's/^SERVER_HOST=//p' .env 2>/dev/null | tail -n 1),localhost)
REMOTE_DIR ?= stt
REMOTE := $(if $(SERVER_USER),$(SERVER_USER)@)$(SERVER_HOST)
COMPOSE ?= docker compose
SERVICE := stt-server

.DEFAULT_GOAL := help
.PHONY: help install build test run run-minimal-editor run-websocket-client run-server demo doctor models \
  image-try docker-build docker-run docker-logs docker-stop docker-status deploy deploy-image remote-logs remote-status

help: ## Show all commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  \033[36m%-22s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## Install the dependencies and build everything
	npm ci && npm run build && npm run build:native

build: ## Build the packages
	npm run build

test: ## Run all tests
	npm test

run: run-minimal-editor ## The main client: the terminal editor

run-minimal-editor: ## The borderless terminal editor, connected to SERVER_HOST
	npx stt-editor $(FILE)

run-websocket-client: ## Live text in the terminal, from SERVER_HOST
	npx mic-stream

run-server: ## The server on this machine
	npm start

demo: ## Transcribe recordings of people with a server of its own
	npm run demo

doctor: ## Check microphone, server, versions and clipboard
	npx mic-stream doctor

models: ## What models are on this machine
	npx stt-server models list

docker-build: ## Build the image
	$(COMPOSE) build

image-try: ## Build the image without Docker, start it and transcribe a recording through it
	npm run image:try

docker-run: ## Start the container
	$(COMPOSE) up -d

docker-logs: ## Follow the container's log
	$(COMPOSE) logs -f --tail=100 $(SERVICE)

docker-stop: ## Stop the container; open utterances are finished first
	$(COMPOSE) down

docker-status: ## State and resources of the container
	$(COMPOSE) ps && docker stats --no-stream $$($(COMPOSE) ps -q)

deploy: ## Copy the sources to SERVER_HOST by rsync, build and start there
	rsync -az --delete --filter='protect .env' --exclude-from=docker/deploy.exclude ./ $(REMOTE):$(REMOTE_DIR)/
	ssh $(REMOTE) 'cd $(REMOTE_DIR) && docker compose up -d --build && docker compose ps'

deploy-image: ## Copy the image built here to SERVER_HOST and start it there
	docker save $(or $(STT_IMAGE),stt-server:cuda) | gzip | ssh $(REMOTE) 'gunzip | docker load'
	rsync -az compose.yml $(wildcard .env) $(REMOTE):$(REMOTE_DIR)/
	ssh $(REMOTE) 'cd $(REMOTE_DIR) && docker compose up -d --no-build && docker compose ps'

remote-logs: ## Follow the log on SERVER_HOST
	ssh -t $(REMOTE) 'cd $(REMOTE_DIR) && docker compose logs -f --tail=100 $(SERVICE)'

remote-status: ## State, resources and GPU on SERVER_HOST
	ssh $(REMOTE) 'cd $(REMOTE_DIR) && docker compose ps && docker stats --no-stream && (nvidia-smi || true)'
