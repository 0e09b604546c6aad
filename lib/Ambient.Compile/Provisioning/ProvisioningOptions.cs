namespace Ambient.Compile.Provisioning;

/// <summary>What an installation says of the pods of all waypoints and gateways; a class's and a Gateway's own parameters refine it.</summary>
public sealed record ProvisioningOptions
{
    public string Image { get; init; } = "ambient/waypoint";

    public string ImagePullPolicy { get; init; } = "IfNotPresent";

    /// <summary>Where the proxies find the operator.</summary>
    public string XdsAddress { get; init; } = "https://ambient-operator.ambient-system.svc:15012";

    public string ClusterId { get; init; } = "Kubernetes";

    public string LogLevel { get; init; } = "information";

    /// <summary>Of a new Deployment whose Gateway asks for no number; changed by nobody afterwards, so that an autoscaler or a person may.</summary>
    public int Replicas { get; init; } = 2;

    /// <summary>Seconds that a pod may take to finish its requests when it is told to end.</summary>
    public int GraceSeconds { get; init; } = 60;
}
