using Ambient.Core.Workloads;

namespace Ambient.Routing.Endpoints;

/// <summary>An endpoint as a proxy that picks one for every request sees it before experience counts.</summary>
/// <param name="TargetPort">The endpoint's port for the service's; 0 when it does not serve it.</param>
/// <param name="Place">The group that it is in (<see cref="EndpointPlan.Groups"/>); -1: it is never taken.</param>
/// <param name="Healthy">By discovery.</param>
/// <param name="Why">One or a few words: why it is left out, or how near it is.</param>
public sealed record PlannedEndpoint(Workload Workload, int TargetPort, int Place, bool Healthy, string Why);
