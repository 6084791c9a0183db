//! Signing in, and the first steps.

use super::{N, texts};

texts! {
    /// Signing in, and the first steps.
    SignIn {
        title: S = "Sign in";
        lead: S = "Licenses, seats and who holds them.";
        name: S = "Name";
        password: S = "Password";
        button: S = "Sign in";
        forgotten: S = "Forgotten the password? Whoever runs the server gives you another one:";
        forgotten_do: S = "seatkeeper account set NAME --password";
        no_account: S = "There is no account yet. The server printed a one-time link when it started: open it to make the first one.";

        setup_title: S = "Welcome to Seatkeeper";
        setup_lead: S = "Make the first administrator. The link that brought you here works once; everybody else gets an account from you.";
        setup_full_name: S = "Your name";
        setup_name: S = "Sign-in name";
        setup_name_hint: S = "What you will sign in with, and what the record will call you.";
        setup_password: S = "Password";
        setup_password_hint: S = "At least 10 characters. Some words in a row are better than a short riddle.";
        setup_again: S = "Password, again";
        setup_differs: S = "The two passwords differ.";
        setup_button: S = "Create the account";
        setup_used: S = "This link was used, or is of an earlier start of the server. If there is no account yet, start the server again and open the link that it prints.";
        optional: S = "optional";

        waiting: N = N("Too many wrong passwords. Try again in {n} second.", "Too many wrong passwords. Try again in {n} seconds.");
    }
}
