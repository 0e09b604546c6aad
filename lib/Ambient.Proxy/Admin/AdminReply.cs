namespace Ambient.Proxy.Admin;

/// <summary>An answer; the body is text.</summary>
internal sealed record AdminReply(int Status, string ContentType, string Body)
{
    internal static AdminReply Text(int status, string body) => new(status, "text/plain; charset=utf-8", body + "\n");
}
