using System.Runtime.CompilerServices;
using Ambient.Core.Routes;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>A rule of a route, and the service that was asked; by reference, of what there is one object of each.</summary>
internal readonly struct RouteName(RouteOrigin? route, ServiceName service) : IEquatable<RouteName>
{
    internal RouteOrigin? Route => route;

    internal ServiceName Service => service;

    public bool Equals(RouteName other) => ReferenceEquals(Route, other.Route) && ReferenceEquals(Service, other.Service);

    public override bool Equals(object? obj) => obj is RouteName other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(route is null ? 0 : RuntimeHelpers.GetHashCode(route), RuntimeHelpers.GetHashCode(service));
}
