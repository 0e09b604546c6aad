using Ambient.Core;
using Ambient.Core.Workloads;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>The waypoint or gateway that looks into requests.</summary>
/// <param name="Name">For people: <c>waypoint shop/wp</c>.</param>
/// <param name="Workload">One of its pods; null where none is known.</param>
internal sealed record RequestProxy(string Name, NamespacedName Gateway, Workload? Workload)
{
    public string Namespace => Gateway.Namespace;
}
