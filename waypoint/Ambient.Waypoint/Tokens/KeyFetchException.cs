namespace Ambient.Waypoint.Tokens;

/// <summary>Why no key set was fetched, in one line.</summary>
internal sealed class KeyFetchException(string message) : IOException(message);
