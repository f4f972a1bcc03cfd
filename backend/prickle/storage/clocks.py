"""What time it is on the servers of the full stack: tokens, leases and orders of events suffer where clocks differ."""

from datetime import UTC

from prickle.storage.documents.errors import StoreRefused


async def documents_time_s(url: str) -> float:
    """Return the time of a MongoDB server, in seconds since 1970.

    Raises:
        StoreRefused: it does not answer.
    """
    from pymongo.errors import PyMongoError

    from prickle.storage.documents.mongo.connection import connect

    client = connect(url)
    try:
        answer = await client.admin.command("hello")
    except PyMongoError as error:
        raise StoreRefused(f"the documents' server does not answer ({type(error).__name__})") from error
    finally:
        await client.close()
    return float(answer["localTime"].replace(tzinfo=UTC).timestamp())


async def bus_time_s(url: str) -> float:
    """Return the time of a Redis server, in seconds since 1970.

    Raises:
        StoreRefused: it does not answer.
    """
    from redis.exceptions import RedisError

    from prickle.storage.bus.redis import redis_client

    client = redis_client(url)
    try:
        seconds, microseconds = await client.time()
    except (RedisError, OSError) as error:
        raise StoreRefused(f"the bus does not answer ({type(error).__name__})") from error
    finally:
        await client.aclose()
    return float(seconds) + float(microseconds) / 1e6
