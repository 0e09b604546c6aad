namespace Ambient.Compile.Sources;

/// <summary>Names of service accounts go into identities: nothing but a DNS subdomain may.</summary>
internal static class ServiceAccountName
{
    /// <summary>Null and empty mean the account <c>default</c>.</summary>
    public static bool IsValid(string? name) =>
        string.IsNullOrEmpty(name) || (name.Length <= 253 && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
            && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]));

    public static string OrDefault(string? name) => string.IsNullOrEmpty(name) ? "default" : name;
}
