using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>A match, and the gateways that it is for; none: all of its VirtualService.</summary>
internal sealed record WrittenMatch(HttpMatch Match, ImmutableArray<string> Gateways)
{
    /// <summary>Takes every request: such a rule comes last where several VirtualServices share a host.</summary>
    public bool TakesAll => Match is
    {
        Method: null, Scheme: null, Authority: null, Headers.IsEmpty: true, WithoutHeaders.IsEmpty: true, QueryParameters.IsEmpty: true,
        Port: 0, SourceNamespace: null, SourceLabels.IsEmpty: true,
    } && Match.Path is null or { Kind: PathMatchKind.Prefix, Value: "/" or "" } or { Kind: PathMatchKind.Regex, Value: ".*" or "/.*" };
}
