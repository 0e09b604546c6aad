namespace Ambient.Lab.Objects;

/// <summary>core/v1 HostAlias: a line of the pod's hosts file.</summary>
internal sealed record HostAlias
{
    public string Ip { get; init; } = "";

    public IReadOnlyList<string> Hostnames { get; init => field = value ?? []; } = [];
}
