namespace Ambient.Core.Routes;

/// <summary>A service's port, and of its endpoints those of a subset.</summary>
/// <param name="Service">Key of the service: <c>namespace/hostname</c> (<see cref="Services.MeshService.Key"/>).</param>
/// <param name="Name">The service's name as its author knows it.</param>
/// <param name="Port">Port of the service, not of its endpoints.</param>
/// <param name="Subset">Name of a <see cref="Subset"/> of the service's <see cref="BackendPolicy"/>; null: all endpoints.</param>
public sealed record BackendTarget(string Service, string Namespace, string Name, int Port, string? Subset = null)
{
    public override string ToString() => $"{Service}:{Port}{(Subset is null ? "" : $" subset {Subset}")}";
}
