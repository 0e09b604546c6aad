namespace Ambient.Kube.Resources;

/// <summary>discovery.k8s.io EndpointConditions; a missing <see cref="Ready"/> counts as true.</summary>
public sealed record EndpointConditions
{
    public bool? Ready { get; init; }

    public bool? Serving { get; init; }

    public bool? Terminating { get; init; }
}
