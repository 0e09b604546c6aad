namespace Ambient.Policy.Requests.Checks;

/// <summary>
/// A field that only a request has. Of bytes that nobody looks into it never lets an ALLOW match, and never keeps a DENY from matching: what they
/// carry could be what it denies.
/// </summary>
internal sealed class RequestOnlyCheck(RequestCheck inner, bool denies) : RequestCheck(inner.Field)
{
    public override string? Broken => inner.Broken;

    public override bool Holds(RequestSubject subject, string? path) => subject.Request.IsStream ? denies : inner.Holds(subject, path);
}
