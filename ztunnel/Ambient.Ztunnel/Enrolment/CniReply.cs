namespace Ambient.Ztunnel.Enrolment;

/// <summary>The answer to a CNI call: <c>{"ok":true,"captured":…,"reason":…}</c> or <c>{"ok":false,"error":…}</c>.</summary>
internal sealed record CniReply(bool Ok, bool? Captured, string? Reason, string? Error)
{
    internal static CniReply Captive(string reason) => new(true, true, reason, null);

    internal static CniReply Free(string reason) => new(true, false, reason, null);

    internal static CniReply Failed(string error) => new(false, null, null, error);
}
