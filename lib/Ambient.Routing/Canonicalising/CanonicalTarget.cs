namespace Ambient.Routing.Canonicalising;

/// <summary>A request's path and query in the one form in which routes and policies see them and in which they are forwarded.</summary>
/// <param name="Path">Begins with a slash (or is <c>*</c>), ASCII, without dot segments; unreserved characters are never escaped, all others that need it always, in capitals.</param>
/// <param name="Query">Without the question mark; as it was sent.</param>
/// <param name="LenientPath">
/// The path as a backend reads it that cuts path parameters (<c>;a=b</c>) and merges slashes. Policies must hold for both readings. The same
/// object as <paramref name="Path"/> when there is no difference.
/// </param>
/// <param name="HasQuery">The target had a question mark.</param>
public readonly record struct CanonicalTarget(string Path, string Query, string LenientPath, bool HasQuery)
{
    public override string ToString() => HasQuery ? $"{Path}?{Query}" : Path;
}
