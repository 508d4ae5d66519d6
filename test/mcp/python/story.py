"""A job (JSON, first argument) comes in, what the official Python client saw of it goes out as one line of JSON."""

import asyncio
import json
import sys

import httpx2
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client


def server_of(job):
    """How the server is reached: by URL with a bearer token, or as a program that this client starts."""
    if job["transport"] == "stdio":
        return StdioServerParameters(command=job["program"], args=job["args"], env=job["env"])
    headers = {"authorization": f"Bearer {job['token']}"}
    timeout = httpx2.Timeout(60)
    return streamable_http_client(job["url"], http_client=httpx2.AsyncClient(headers=headers, timeout=timeout))


async def play(job):
    told = []

    async def progress(done, total, message):
        told.append([done, total, message])

    async def call(name, **arguments):
        result = await client.call_tool(name, arguments, progress_callback=progress)
        return {
            "isError": bool(result.is_error),
            "text": result.content[0].text,
            "body": result.structured_content,
        }

    async with Client(server_of(job), mode=job["mode"]) as client:
        tools = [tool.name for tool in (await client.list_tools()).tools]
        refused = await call("propose_action", incident=job["incident"], command=job["command"], proposer="ana")
        scored = await call("score_command", command=job["command"])
        proposed = await call("propose_action", incident=job["incident"], command=job["command"])
        again = await call("propose_action", incident=job["incident"], command=job["command"])
        seen = [proposed]
        for _ in range(12):
            if seen[-1]["isError"] or seen[-1]["body"]["settled"]:
                break
            seen.append(await call("wait_for_proposal", id=proposed["body"]["id"], seconds=45))
        found = await call("get_proposal", id=proposed["body"]["id"])
    steps = {"refused": refused, "scored": scored, "again": again, "seen": seen, "found": found}
    return {"tools": tools, "told": told, **steps}


print(json.dumps(asyncio.run(play(json.loads(sys.argv[1])))))
