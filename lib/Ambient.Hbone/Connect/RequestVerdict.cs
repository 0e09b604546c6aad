namespace Ambient.Hbone.Connect;

/// <summary>What a request's header list is.</summary>
internal enum RequestVerdict
{
    Ok,

    /// <summary>RFC 9113 §8.1.1: a stream fault.</summary>
    Malformed,

    /// <summary>Well formed and nothing that we serve: status 400.</summary>
    NotForUs,

    /// <summary>Status 431.</summary>
    TooLarge,
}
