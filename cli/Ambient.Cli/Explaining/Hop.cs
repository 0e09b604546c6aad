namespace Ambient.Cli.Explaining;

/// <summary>One leg of the way.</summary>
/// <param name="From">Who opens it: <c>pod web/front</c>, <c>ztunnel of web/front</c>, <c>outside</c>.</param>
/// <param name="To">Who accepts it.</param>
/// <param name="Protocol"><c>tcp</c> or <c>hbone</c>.</param>
/// <param name="Address">Where it goes, <c>ip:port</c>.</param>
/// <param name="Authority">Of the CONNECT, for HBONE.</param>
/// <param name="Client">SPIFFE id of the opening side, for HBONE.</param>
/// <param name="Server">SPIFFE id of the accepting side, for HBONE.</param>
/// <param name="Completed">False when the connection ends here.</param>
/// <param name="Note">How it comes to this leg.</param>
internal sealed record Hop(
    string From, string To, string Protocol, string Address, string? Authority, string? Client, string? Server, bool Completed, string Note)
{
    public const string Tcp = "tcp";
    public const string Hbone = "hbone";

    public bool Encrypted => Protocol == Hbone;
}
