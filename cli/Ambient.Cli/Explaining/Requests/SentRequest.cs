using System.Collections.Immutable;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>A request as a proxy passes it on, for a waypoint that looks into it once more.</summary>
/// <param name="Target">Path and query.</param>
internal sealed record SentRequest(string Authority, string Target, ImmutableArray<KeyValuePair<string, string>> Headers);
