namespace Ambient.Compile.Sources;

/// <summary>The kinds that mean something here, as <see cref="ObjectKey.Kind"/> names them.</summary>
public static class KnownKinds
{
    public const string Namespace = "Namespace";
    public const string Pod = "Pod";
    public const string Node = "Node";
    public const string Service = "Service";
    public const string Secret = "Secret";
    public const string ConfigMap = "ConfigMap";
    public const string EndpointSlice = "discovery.k8s.io/EndpointSlice";
    public const string PeerAuthentication = "security.istio.io/PeerAuthentication";
    public const string RequestAuthentication = "security.istio.io/RequestAuthentication";
    public const string AuthorizationPolicy = "security.istio.io/AuthorizationPolicy";
    public const string WorkloadEntry = "networking.istio.io/WorkloadEntry";
    public const string ServiceEntry = "networking.istio.io/ServiceEntry";
    public const string Gateway = "gateway.networking.k8s.io/Gateway";
    public const string GatewayClass = "gateway.networking.k8s.io/GatewayClass";
    public const string HttpRoute = "gateway.networking.k8s.io/HTTPRoute";
    public const string GrpcRoute = "gateway.networking.k8s.io/GRPCRoute";
    public const string TlsRoute = "gateway.networking.k8s.io/TLSRoute";
    public const string TcpRoute = "gateway.networking.k8s.io/TCPRoute";
    public const string UdpRoute = "gateway.networking.k8s.io/UDPRoute";
    public const string BackendTlsPolicy = "gateway.networking.k8s.io/BackendTLSPolicy";
    public const string ListenerSet = "gateway.networking.k8s.io/ListenerSet";
    public const string IstioGateway = "networking.istio.io/Gateway";
    public const string ReferenceGrant = "gateway.networking.k8s.io/ReferenceGrant";
    public const string Sidecar = "networking.istio.io/Sidecar";
    public const string Mesh = "ambient.dev/Mesh";
    public const string Telemetry = "telemetry.istio.io/Telemetry";
}
