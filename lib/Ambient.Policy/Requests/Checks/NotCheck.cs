namespace Ambient.Policy.Requests.Checks;

/// <summary>A <c>not…</c> field: holds when the other does not, so also when the attribute is absent.</summary>
internal sealed class NotCheck(RequestCheck inner) : RequestCheck(inner.Field)
{
    public override bool Holds(RequestSubject subject, string? path) => !inner.Holds(subject, path);
}
