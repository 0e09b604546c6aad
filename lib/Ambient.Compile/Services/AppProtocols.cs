using Ambient.Compile.Sources;
using Ambient.Core.Services;

namespace Ambient.Compile.Services;

/// <summary>What a port says it speaks: by appProtocol, else by the first word of its name.</summary>
internal static class AppProtocols
{
    public static AppProtocol Of(ServicePortSource port) =>
        Of(port.AppProtocol.Length > 0 ? port.AppProtocol : port.Name.Split('-')[0]);

    public static AppProtocol Of(string word) => word switch
    {
        "http" or "HTTP" or "kubernetes.io/ws" => AppProtocol.Http11,
        "http2" or "HTTP2" or "h2c" or "kubernetes.io/h2c" => AppProtocol.Http2,
        "grpc" or "GRPC" => AppProtocol.Grpc,
        "tls" or "TLS" or "https" or "HTTPS" or "kubernetes.io/wss" => AppProtocol.Tls,
        "tcp" or "TCP" => AppProtocol.Tcp,
        _ => AppProtocol.Unknown,
    };
}
