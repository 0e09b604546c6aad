using System.Net.Security;
using Ambient.Core.Routes;

namespace Ambient.Waypoint.Upstreams;

/// <summary>With what TLS to an endpoint is begun.</summary>
/// <param name="Policy">With the authorities that count, wherever they come from.</param>
/// <param name="Shown">Certificate and key for an endpoint that asks; null: none.</param>
internal sealed record UpstreamCredential(UpstreamTls Policy, SslStreamCertificateContext? Shown);
