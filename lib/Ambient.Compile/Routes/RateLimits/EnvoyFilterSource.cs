using System.Collections.Immutable;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.RateLimits;

/// <summary>An EnvoyFilter that holds local rate limits and nothing else; no limits when it was refused. A null selector: all of the namespace.</summary>
internal sealed record EnvoyFilterSource(
    SourceMeta Meta, IReadOnlyDictionary<string, string>? Selector, ImmutableArray<string> Services, ImmutableArray<RateLimit> Limits, Refusal? Refusal);
