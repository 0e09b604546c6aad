namespace Ambient.Policy.Requests.Checks;

/// <summary>A field that says nothing we understand: it never lets an ALLOW match and never keeps a DENY from matching.</summary>
internal sealed class BrokenCheck(string field, string reason, bool denies) : RequestCheck(field)
{
    public override string? Broken => reason;

    public override bool Holds(RequestSubject subject, string? path) => denies;
}
