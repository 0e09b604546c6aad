using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes;

/// <summary>What happens to requests that nobody wrote a rule for: the service's own endpoints. Its origin is the service.</summary>
internal static class DefaultRule
{
    public static HttpRule Of(RouteTarget target, ImmutableArray<WeightedBackend> itself) => new()
    {
        Origin = new RouteOrigin(target.Object.Kind[(target.Object.Kind.LastIndexOf('/') + 1)..], target.Object.Namespace, target.Object.Name, 0),
        Action = new RouteAction.Forward(itself),
    };
}
