using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes;

/// <summary>Routes and backend policies that are new or differ, and the keys of those that went.</summary>
public sealed record RouteDelta(
    ImmutableArray<RouteTable> Tables, ImmutableArray<string> RemovedTables, ImmutableArray<BackendPolicy> BackendPolicies, ImmutableArray<string> RemovedBackendPolicies)
{
    public static RouteDelta Empty { get; } = new([], [], [], []);

    public bool IsEmpty => Tables.IsEmpty && RemovedTables.IsEmpty && BackendPolicies.IsEmpty && RemovedBackendPolicies.IsEmpty;
}
