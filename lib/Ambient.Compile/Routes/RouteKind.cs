namespace Ambient.Compile.Routes;

/// <summary>Routing kinds as <see cref="Sources.ObjectKey.Kind"/> names them, beside those of the Gateway API.</summary>
internal static class RouteKind
{
    public const string VirtualService = "networking.istio.io/VirtualService";
    public const string DestinationRule = "networking.istio.io/DestinationRule";
    public const string EnvoyFilter = "networking.istio.io/EnvoyFilter";
    public const string ServiceProfile = "linkerd.io/ServiceProfile";
    public const string TrafficSplit = "split.smi-spec.io/TrafficSplit";
    public const string RateLimitPolicy = "ambient.dev/RateLimitPolicy";
    public const string BackendPolicy = "ambient.dev/BackendPolicy";
    public const string RouteGroup = "specs.smi-spec.io/HTTPRouteGroup";
}
