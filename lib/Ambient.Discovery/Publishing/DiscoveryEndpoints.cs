using Ambient.Core.Identity;
using Ambient.Discovery.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Discovery.Publishing;

/// <summary>The control plane's two services on Kestrel, HTTP/2.</summary>
public static class DiscoveryEndpoints
{
    public const string DeltaPath = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

    public const string CertificatePath = "/istio.v1.auth.IstioCertificateService/CreateCertificate";

    public static void MapDiscovery(this IEndpointRouteBuilder endpoints, MeshPublisher publisher, ICallerAuthenticator authenticator)
    {
        ILogger logger = LoggerOf(endpoints, "Ambient.Discovery");
        var call = new DiscoveryCall(publisher, authenticator, logger);
        endpoints.MapPost(DeltaPath, context => GrpcServerCall.RunAsync(context, logger, call.RunAsync));
    }

    /// <summary>Serves CreateCertificate.</summary>
    /// <param name="endpoints">Where.</param>
    /// <param name="issue">
    /// Caller, identity that it asks for on behalf of another (null: its own), PKCS#10 PEM, wished lifetime (zero: none) to PEM
    /// chain, leaf first and roots last. Throws <see cref="CertificateRefusedException"/> to answer PERMISSION_DENIED with its message.
    /// </param>
    /// <param name="authenticator">Turns tokens into callers.</param>
    public static void MapCertificates(
        this IEndpointRouteBuilder endpoints,
        Func<Caller, SpiffeId?, string, TimeSpan, CancellationToken, Task<IReadOnlyList<string>>> issue,
        ICallerAuthenticator authenticator)
    {
        ILogger logger = LoggerOf(endpoints, "Ambient.Certificates");
        var call = new CertificateCall(issue, authenticator);
        endpoints.MapPost(CertificatePath, context => GrpcServerCall.RunAsync(context, logger, call.RunAsync));
    }

    /// <summary>Kestrel's limits for streams that live for hours and may be idle for all of it.</summary>
    public static void ConfigureForDiscovery(this KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.InitialStreamWindowSize = 1024 * 1024;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 4 * 1024 * 1024;
    }

    private static ILogger LoggerOf(IEndpointRouteBuilder endpoints, string category) =>
        endpoints.ServiceProvider.GetService<ILoggerFactory>()?.CreateLogger(category) ?? NullLogger.Instance;
}
