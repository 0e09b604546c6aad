using System.Net;
using Ambient.Routing.Gateways;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Listening.Gateways;

internal static partial class GatewayLog
{
    [LoggerMessage(640, LogLevel.Information, "Port {Port} is open ({Kind})", EventName = "PortOpened")]
    internal static partial void Opened(ILogger logger, int port, GatewayPortKind kind);

    [LoggerMessage(641, LogLevel.Information, "Port {Port} is closed: no listener has it any more", EventName = "PortClosed")]
    internal static partial void Closed(ILogger logger, int port);

    [LoggerMessage(642, LogLevel.Error, "Port {Port} could not be opened: {Reason}; it is tried again", EventName = "PortNotOpened")]
    internal static partial void NotOpened(ILogger logger, int port, string reason);

    [LoggerMessage(643, LogLevel.Debug, "Connection of {Remote} to port {Port} refused: {Reason}", EventName = "ConnectionRefused")]
    internal static partial void Refused(ILogger logger, IPEndPoint remote, int port, string reason);

    [LoggerMessage(644, LogLevel.Warning, "HTTP/3 is asked for on port {Port} and not served: this machine has no QUIC (libmsquic)", EventName = "NoQuic")]
    internal static partial void NoQuic(ILogger logger, int port);

    [LoggerMessage(645, LogLevel.Error, "Certificate {Certificate} cannot be used: {Reason}", EventName = "BadCertificate")]
    internal static partial void BadCertificate(ILogger logger, string certificate, string reason);

    [LoggerMessage(646, LogLevel.Warning, "HTTP/3 is asked for on port {Port}; this version serves HTTP/1.1 and HTTP/2 there", EventName = "NoHttp3")]
    internal static partial void NoHttp3(ILogger logger, int port);
}
