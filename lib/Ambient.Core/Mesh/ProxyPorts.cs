namespace Ambient.Core;

/// <summary>Ports of the node proxy (reference: the HBONE port table). Those in a pod's netns are never valid destinations.</summary>
public static class ProxyPorts
{
    public const int OutboundCapture = 15001;
    public const int InboundPlaintext = 15006;
    public const int Hbone = 15008;
    public const int Dns = 15053;
    public const int Admin = 15000;
    public const int Metrics = 15020;
    public const int Readiness = 15021;
    public const int Xds = 15012;

    /// <summary>Loop guard: a connection to one of these would lead a proxy to itself.</summary>
    public static bool IsIllegalDestination(int port) => port is OutboundCapture or InboundPlaintext or Hbone;
}
