namespace Ambient.Ztunnel.Connections;

/// <summary>As the access log names it; the reporter label is <c>destination</c> for inbound.</summary>
internal enum Direction
{
    Inbound,
    Outbound,
}
