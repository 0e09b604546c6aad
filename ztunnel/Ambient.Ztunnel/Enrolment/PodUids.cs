namespace Ambient.Ztunnel.Enrolment;

/// <summary>Pod uids are file names in the state directory: only what cannot lead elsewhere.</summary>
internal static class PodUids
{
    private static readonly System.Buffers.SearchValues<char> s_allowed =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    internal static bool IsValid(string uid) => uid.Length is > 0 and <= 128 && !uid.AsSpan().ContainsAnyExcept(s_allowed);
}
